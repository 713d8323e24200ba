import { type ComponentChildren, createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Words } from "../words/words.ts";
import type { Visit } from "./visit.ts";

const VisitContext = createContext<Visit | undefined>(undefined);

/** The `<html>` around every page. A layout inside it draws the head and the body. */
export function PageFrame({ visit, children }: { visit: Visit; children: ComponentChildren }) {
	return (
		<html lang={visit.words.language}>
			<VisitContext.Provider value={visit}>{children}</VisitContext.Provider>
		</html>
	);
}

/** The visit that the page being drawn answers. */
export function usePage(): Visit {
	const visit = useContext(VisitContext);
	if (visit === undefined) throw new Error("A page is drawn inside a PageFrame");
	return visit;
}

/** The sentences of the reader's language. */
export function useWords(): Words {
	return usePage().words;
}
