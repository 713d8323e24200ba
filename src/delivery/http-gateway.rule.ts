import { z } from "zod";
import type { ProviderAnswer, Receipt } from "./text-provider.ts";

/** What a gateway may say besides the status, and what it means. */
const KINDS = {
	"try-another": "another",
	wait: "wait",
	"number-cannot-receive": "number",
	stop: "stop",
} as const;

const refusal = z.object({ error: z.enum(Object.keys(KINDS) as (keyof typeof KINDS)[]) });

const report = z.object({
	receiptUrl: z.string(),
	state: z.string(),
	why: z.string().optional(),
	/** Kept and shown to the operator: a few plain characters, so that no text of a message comes with it. */
	code: z
		.string()
		.regex(/^[\w.-]{1,20}$/)
		.optional()
		.catch(undefined),
});

/**
 * Sorts a message that a gateway refused: by what it says, else by the status.
 *
 * @param body as parsed from JSON; undefined where it was none
 */
export function answerToRefusal(status: number, body: unknown, waitMs: number | undefined): ProviderAnswer {
	const said = refusal.safeParse(body).data?.error;
	const isBusy = status === 408 || status === 425 || status === 429 || status >= 500;
	const kind = said ? KINDS[said] : isBusy ? "wait" : "another";
	const reason = `The gateway answered ${status}${said ? ` ${said}` : ""}`;
	return kind === "wait" ? { kind, reason, waitMs } : { kind, reason };
}

/** Reads a gateway's report of one message; undefined where it is none. */
export function readReport(text: string): { receiptUrl: string; receipt: Receipt } | undefined {
	const parsed = report.safeParse(parseJson(text));
	if (!parsed.success) return undefined;
	const { receiptUrl, state, why, code } = parsed.data;
	return { receiptUrl, receipt: receiptOf(state, why, code) };
}

function receiptOf(state: string, why: string | undefined, code: string | undefined): Receipt {
	switch (state) {
		case "sent":
		case "delivered":
			return { kind: state };
		case "failed":
			return {
				kind: "failed",
				why: why === "number-cannot-receive" ? why : "carrier",
				reason: `The gateway says failed${code ? `, ${code}` : ""}`,
			};
		default:
			return { kind: "nothing" };
	}
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
