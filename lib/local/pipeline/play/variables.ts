/** A reference that cannot be resolved; the action that holds it fails with this message. */
export class VariableError extends Error {
  /** Tells it from other errors. */
  override readonly name = 'VariableError';
}

/** Bytes of one action's output variables, as CodePipeline's quotas document it. */
const MOST_OUTPUT_BYTES = 122_880;
/** Bytes of an action's configuration once it is resolved. */
const MOST_CONFIGURATION_BYTES = 100 * 1024;

/** What actions leave in their namespaces during one execution. */
export class Variables {
  private readonly namespaces = new Map<string, Readonly<Record<string, string>>>();

  /** @param execution - id of the execution */
  constructor(execution: string) {
    this.namespaces.set('codepipeline', { PipelineExecutionId: execution });
  }

  /** All that was left so far, by namespace. */
  get all(): Readonly<Record<string, Readonly<Record<string, string>>>> {
    return Object.fromEntries(this.namespaces);
  }

  /**
   * Keeps what an action leaves; an action without a namespace leaves nothing that others could read.
   *
   * @throws VariableError when it is more than CodePipeline takes
   */
  put(namespace: string | undefined, values: Readonly<Record<string, string>>): void {
    if (namespace === undefined) return;
    if (Buffer.byteLength(JSON.stringify(values)) > MOST_OUTPUT_BYTES)
      throw new VariableError(`The variables of ${namespace} are more than ${MOST_OUTPUT_BYTES} bytes.`);
    this.namespaces.set(namespace, values);
  }

  /**
   * Resolves every `#{namespace.NAME}` of a configuration.
   *
   * @throws VariableError for a namespace or a name that is not there, and for a configuration of more than 100 KB
   */
  resolve(configuration: Readonly<Record<string, string>>): Record<string, string> {
    const entries = Object.entries(configuration).map(([name, value]) => [name, this.text(value)]);
    const resolved = Object.fromEntries(entries) as Record<string, string>;
    if (Buffer.byteLength(JSON.stringify(resolved)) > MOST_CONFIGURATION_BYTES)
      throw new VariableError(`The resolved configuration is more than ${MOST_CONFIGURATION_BYTES} bytes.`);
    return resolved;
  }

  private text(value: string): string {
    return value.replace(/#\{([^.{}]+)\.([^{}]+)\}/g, (whole, namespace: string, name: string) => {
      const found = this.namespaces.get(namespace)?.[name];
      if (found === undefined) throw new VariableError(`${whole} is not known: no earlier action left it.`);
      return found;
    });
  }
}
