/** A rule as SARIF describes it. */
export type SarifRule = Readonly<Record<string, unknown>> & {
  /** Name that results refer to. */
  readonly id: string;
};

/** One run of a tool. */
export interface SarifRun {
  /** The tool and its rules. */
  readonly driver: {
    /** Name of the tool. */
    readonly name: string;
    /** Version of the tool. */
    readonly version?: string;
    /** Rules, in the order that `ruleIndex` counts. */
    readonly rules: readonly SarifRule[];
    /** Taxonomies that the rules refer to. */
    readonly supportedTaxonomies?: readonly object[];
  };
  /** What was found. */
  readonly results: Iterable<object> | { readonly items: Iterable<object> };
  /** Tells runs of one tool apart. */
  readonly automationDetails?: { readonly id: string };
  /** What rules are classified by. */
  readonly taxonomies?: readonly object[];
}

/** A SARIF 2.1.0 log of one run. Source: docs.oasis-open.org/sarif/sarif/v2.1.0. */
export function sarifLog({ driver, ...run }: SarifRun): object {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', ...run }],
  };
}

/** Part of a file; lines count from 1. */
type Region = { readonly startLine: number } & Readonly<Record<string, unknown>>;

/** A place in a file of the repository, its path relative to the repository's folder. */
export function sarifPlace(file: string, region: Region): object {
  return { artifactLocation: { uri: encodeURI(file), uriBaseId: '%SRCROOT%' }, region };
}

/** A result that the source itself excepts, with its reason. */
export function sarifSuppression(justification: string): object {
  return { kind: 'inSource', justification };
}
