/**
 * What CodeBuild's documentation leaves open, as switches: a build that has to come out right must do so under either
 * setting. The defaults are what its phase diagram and common experience suggest.
 */
export interface BuildSwitches {
  /** Whether artifacts are still uploaded after BUILD or POST_BUILD failed. Documented for a failed BUILD only. */
  readonly uploadsAfterFailure: boolean;
  /** Whether a `base-directory` that is not there fails UPLOAD_ARTIFACTS; otherwise the artifact is empty. */
  readonly missingBaseDirectoryFails: boolean;
  /** Whether a phase that failed and says `on-failure: CONTINUE` still fails the build in the end. */
  readonly continuedFailureFails: boolean;
  /** Whether `cd` and `export` carry over from one phase to the next, as they do between the commands of one. */
  readonly oneShellForAllPhases: boolean;
}

/** See {@link BuildSwitches}. */
export const BUILD_SWITCHES: BuildSwitches = {
  uploadsAfterFailure: true,
  missingBaseDirectoryFails: true,
  continuedFailureFails: true,
  oneShellForAllPhases: true,
};
