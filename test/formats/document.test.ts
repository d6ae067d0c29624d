import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatsMarkdown } from '../../generators/formats/index.ts';

describe('docs/formats.md', () => {
  it('holds the tables that the code makes; npm run docs refreshes them', () => {
    const page = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8');
    const block = /<!-- generated: formats -->\n(.*?)<!-- \/generated -->/s.exec(page);
    expect(block?.[1]).toBe(formatsMarkdown());
  });
});
