/** No name that anything here has is as long. */
const LONGEST = 100;

/** The known name nearest to `given` by edits of one character, where one is near enough to be what was meant. */
export function nearestName(given: string, known: Iterable<string>): string | undefined {
  // Nobody misspells a name by hundreds of letters; comparing them would take long.
  if (given.length > LONGEST) return undefined;
  let best: string | undefined;
  let least = Math.max(2, Math.ceil(given.length / 3)) + 1;
  for (const name of known) {
    const distance = editDistance(given, name);
    if (distance < least) {
      least = distance;
      best = name;
    }
  }
  return best;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
