import type { Deps } from "../deps.ts";
import { paths } from "../paths.ts";
import type { Web } from "../web/server.tsx";
import { receiveReceipt } from "./receive-receipt.ts";
import type { ProviderAdapter, ProviderName } from "./text-provider.ts";

const LARGEST_RECEIPT_BYTES = 16 * 1024;

/** The address at which a provider reports what became of one message: the same host for all clinics. */
export function receiptAddress(
	{ config }: Pick<Deps, "config">,
	provider: ProviderName,
	{ clinicId, messageId }: { clinicId: string; messageId: string },
): string {
	return config.url.origin + paths.receipt.to(provider, clinicId, messageId);
}

/** Where providers report. They are no browser: what counts is their signature, and nothing but a message's state changes. */
export function receiptRoutes({ server }: Web, deps: Deps, providers: readonly ProviderAdapter[]): void {
	server.register(async (scope) => {
		scope.removeAllContentTypeParsers();
		// As it arrived: that is what was signed.
		scope.addContentTypeParser(
			["application/x-www-form-urlencoded", "application/json"],
			{ parseAs: "buffer", bodyLimit: LARGEST_RECEIPT_BYTES },
			(_request, body, done) => done(null, body),
		);
		scope.post<{ Params: Record<"provider" | "clinicId" | "messageId", string> }>(
			paths.receipt.pattern,
			async (request, reply) => {
				const { params, headers, body } = request;
				const provider = providers.find(({ name }) => name === params.provider);
				if (!provider) return reply.callNotFound();

				// Anybody can send something here.
				const receipt = provider.readReceipt({
					address: receiptAddress(deps, provider.name, params),
					header: (name) => [headers[name]].flat()[0],
					body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
				});
				if (receipt.kind === "forged") {
					request.log.warn({ provider: provider.name }, "a receipt was not signed by its provider");
					throw forged();
				}
				if (receipt.kind === "nothing") return reply.code(204).send();
				const isKnown = await receiveReceipt(deps, params, provider.name, receipt, deps.clock());
				return isKnown ? reply.code(204).send() : reply.callNotFound();
			},
		);
	});
}

/** Answered as any other refusal. */
function forged(): Error {
	return Object.assign(new Error("A receipt was not signed by its provider"), { statusCode: 403 });
}
