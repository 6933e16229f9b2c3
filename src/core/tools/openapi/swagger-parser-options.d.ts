declare module '@apidevtools/swagger-parser/lib/options.js' {
  /** What reads the texts of specs: js-yaml 5 (YAML 1.2, at most 100 levels). */
  export default class ParserOptions {
    readonly parse: {
      readonly yaml: { parse(file: { readonly data: string; readonly url: string }): Promise<unknown> };
    };
  }
}
