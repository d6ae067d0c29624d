/** Doc comments as data: the free text, and `@tag value` pairs, which may share a line. */

export interface DocComment {
  /** The free text before the first tag, on one line. */
  readonly text: string;
  readonly tags: readonly DocTag[];
}

export interface DocTag {
  readonly name: string;
  readonly value: string;
}

/**
 * Splits a doc comment at its tags. The parser of TypeScript sees a tag only at the start of a line, but
 * `@min 1 @max 64 @default 32` reads best on one. An `@` in backticks or in `{@link …}` is text.
 */
export function parseDoc(lines: readonly string[]): DocComment {
  const parts = lines.join('\n').split(/(?:^|(?<=\s))@([A-Za-z]\w*)/);
  const tags: DocTag[] = [];
  for (let i = 1; i < parts.length; i += 2) tags.push({ name: parts[i], value: oneLine(parts[i + 1]) });
  return { text: oneLine(parts[0]), tags };
}

/** Runs of white space become one blank. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
