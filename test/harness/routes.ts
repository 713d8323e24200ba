import { subscribe } from "node:diagnostics_channel";
import type { FastifyInstance } from "fastify";

export type Route = { method: string; pattern: string };

const known = new WeakMap<object, Route[]>();

// Fastify tells of each server before anything is mounted on it.
subscribe("fastify.initialization", (message) => {
	const { fastify } = message as { fastify: FastifyInstance };
	const routes: Route[] = [];
	known.set(fastify, routes);
	fastify.addHook("onRoute", ({ method, url }) => {
		for (const each of [method].flat()) routes.push({ method: each, pattern: url });
	});
});

/** Every route that was mounted on a server, `HEAD` with its `GET`. */
export function routesOf(server: FastifyInstance): readonly Route[] {
	return known.get(server) ?? [];
}
