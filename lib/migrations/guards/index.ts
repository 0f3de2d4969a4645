export { breakages, brokenAlready, prepareQueries, type Fingerprint } from './blue-gate';
export { olderSessions, type ReleaseSessions } from './interlock';
export { installRewriteGuard, rewriteGuardInstalled } from './rewrite-guard';
export { RUNNER_APPLICATION, watch, type Watchdog, type Watched } from './watchdog';
export { writerProblems } from './writer';
