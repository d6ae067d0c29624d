import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { projectRoot } from './root.ts';

const compiled = new Map<string, (view: object) => string>();

/** Fills one of the file shells in `templates/`. A field that the view lacks is an error. */
export function render(name: string, view: object): string {
  let template = compiled.get(name);
  if (!template) {
    const text = readFileSync(join(projectRoot, 'templates', name), 'utf8');
    template = Handlebars.compile<object>(text, { strict: true, noEscape: true });
    compiled.set(name, template);
  }
  return template(view);
}
