import type { Client, Connection, Submittable } from 'pg';

/** What PostgreSQL tells of a parsed statement; types by their numbers. */
export interface Described {
  /** Types of `$1` and so on. */
  readonly parameters: readonly number[];
  /** Columns of the rows. */
  readonly results: readonly { readonly name: string; readonly type: number }[];
}

interface ParameterDescription {
  readonly dataTypeIDs: readonly number[];
}

interface RowDescription {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
}

/**
 * Parses statements without running them, all in one message: the locks of an open migration are held
 * meanwhile, and one way to the database takes as long as another. Stops at the first that is refused.
 * A text of several statements is refused by PostgreSQL. Source: manual, 53.2.3 "Extended Query".
 *
 * @returns what it tells of those before the refused one, and its error
 */
export function describe(
  client: Client,
  statements: readonly string[],
): Promise<{ readonly described: readonly Described[]; readonly error?: Error }> {
  return new Promise((resolve) => client.query(new Describe(statements, resolve)));
}

class Describe implements Submittable {
  private readonly described: Described[] = [];
  private parameters: readonly number[] = [];
  private error: Error | undefined;

  constructor(
    private readonly statements: readonly string[],
    private readonly done: (answer: { described: readonly Described[]; error?: Error }) => void,
  ) {}

  submit(connection: Connection): void {
    connection.on('parameterDescription', this.onParameters).on('noData', this.onNoData);
    connection.stream.cork();
    for (const text of this.statements) {
      connection.parse({ name: '', text, types: [] }, true);
      connection.describe({ type: 'S', name: '' }, true);
    }
    connection.sync();
    connection.stream.uncork();
  }

  handleRowDescription({ fields }: RowDescription): void {
    this.take(fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID })));
  }

  handleError(error: Error, connection: Connection): void {
    this.error = error;
    this.handleReadyForQuery(connection);
  }

  handleReadyForQuery(connection: Connection): void {
    connection.off('parameterDescription', this.onParameters).off('noData', this.onNoData);
    this.done({ described: this.described, ...(this.error && { error: this.error }) });
  }

  private readonly onParameters = ({ dataTypeIDs }: ParameterDescription): void => {
    this.parameters = dataTypeIDs;
  };

  private readonly onNoData = (): void => this.take([]);

  private take(results: Described['results']): void {
    this.described.push({ parameters: this.parameters, results });
    this.parameters = [];
  }
}
