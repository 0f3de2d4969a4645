/** An exception of the API's model. */
export class Refusal extends Error {
  /** @param code - name of the exception without the trailing `Exception` */
  constructor(code: string, message: string) {
    super(message);
    this.name = `${code}Exception`;
  }
}
