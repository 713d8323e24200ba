/** What `vestibule doctor` found out about one thing. A `note` may be right as it is. */
export type Finding = { kind: "fine" | "note" | "wrong"; sentence: string };

export const fine = (sentence: string): Finding => ({ kind: "fine", sentence });
export const note = (sentence: string): Finding => ({ kind: "note", sentence });
/** @param sentence what is wrong, and then what to do */
export const wrong = (sentence: string): Finding => ({ kind: "wrong", sentence });
