/** Who may touch what: a folder imports only from itself and from those above it in docs/ARCHITECTURE.md. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const map = readFileSync("docs/ARCHITECTURE.md", "utf8");
const order = [...map.matchAll(/^src\/([a-z-]+)\/ /gm)].map((match) => match[1]);
const SQL = /\b(selectFrom|insertInto|updateTable|deleteFrom)\(|\bsql`/;
const wrong: string[] = [];

for (const file of globSync("src/**/*.{ts,tsx}")) {
	const isTest = /\.test\.tsx?$/.test(file);
	const room = file.split("/").length > 2 ? file.split("/")[1] : undefined;
	const text = readFileSync(file, "utf8");
	if (room !== undefined && !order.includes(room))
		wrong.push(`${file}: the folder is not in docs/ARCHITECTURE.md`);
	for (const [, target = ""] of text.matchAll(/(?:from |import\()"(\.[^"]+)"/g)) {
		const path = relative("src", join(dirname(file), target));
		const other = path.includes("/") ? path.split("/")[0] : undefined;
		if (room === undefined || isTest || other === undefined || other === room) continue;
		if (order.indexOf(other) > order.indexOf(room))
			wrong.push(`${file}: ${room} may not import from ${other}`);
	}
	const holdsSql = /(^|\/)store\.ts$|^src\/(activity|delivery|db)\//.test(file);
	if (SQL.test(text) && !holdsSql && !isTest) wrong.push(`${file}: SQL belongs in a store.ts`);
}

if (wrong.length > 0) {
	console.error(wrong.join("\n"));
	process.exit(1);
}
