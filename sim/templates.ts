import { createRequire } from 'node:module';
import { join } from 'node:path';
import { projectRoot } from './root.ts';

const require = createRequire(import.meta.url);
// Loading the runtime in its one-file form takes a third of the time that its modules take.
const Handlebars: Pick<
  typeof import('handlebars'),
  'template'
> = require('handlebars/dist/handlebars.runtime.min.js');

const loaded = new Map<string, (view: object) => string>();

/** Fills one of the file shells in `templates/`, which the build has compiled. A field that the view lacks is an error. */
export function render(name: string, view: object): string {
  let template = loaded.get(name);
  if (!template) {
    template = Handlebars.template<object>(require(join(projectRoot, 'dist/templates', `${name}.cjs`)));
    loaded.set(name, template);
  }
  return template(view);
}
