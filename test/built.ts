/** A module of the build, with the types of its source: what ships is what is tested, and all parts come from one copy. */
export function built<M>(path: string): Promise<M> {
  return import(/* @vite-ignore */ new URL(`../dist/${path}.js`, import.meta.url).href) as Promise<M>;
}
