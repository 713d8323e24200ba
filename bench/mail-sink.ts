/** A mail server that takes every email and forgets it, as cheaply as can be: `node mail-sink.ts <port>`. */
import { createServer } from "node:net";

const [, , port = ""] = process.argv;

createServer((socket) => {
	let isText = false;
	let rest = "";
	socket.setNoDelay(true);
	socket.on("error", () => {});
	socket.write("220 sink\r\n");
	socket.on("data", (chunk) => {
		const lines = (rest + chunk.toString("latin1")).split("\r\n");
		rest = lines.pop() ?? "";
		for (const line of lines) {
			if (isText) {
				if (line !== ".") continue;
				isText = false;
				socket.write("250 taken\r\n");
			} else if (line === "DATA") {
				isText = true;
				socket.write("354 go on\r\n");
			} else if (line === "QUIT") {
				socket.end("221 bye\r\n");
			} else {
				socket.write("250 ok\r\n");
			}
		}
	});
}).listen(Number(port), "127.0.0.1", () => process.send?.("ready"));
