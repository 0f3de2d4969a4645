/** Thrown when a release is not begun; nothing was changed. Its message says why and how to mend it. */
export class Refused extends Error {
  /** Tells it from other errors. */
  override readonly name = 'Refused';
}

/** Thrown where the app stack was never deployed, so that nothing runs there. */
export class NeverDeployed extends Refused {}
