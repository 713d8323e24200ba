/** The colours of every PDF: on white paper, and grey enough for a printer that knows no other. */
export const INK = "#17212b";
export const QUIET = "#55606b";
export const ACCENT = "#0b6a68";
export const TINT = "#eaf4f3";
export const WARNING = "#855000";
export const HAIRLINE = "#d5dddb";
