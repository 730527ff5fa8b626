/** In front of the answer: configurations print what they like. */
export const MARK = '\u0001quality-rule\u0001';
