import { stateNow, stateOf } from '../../../lib/local/codedeploy/aws/alarm-state';

const alarm = (changes = {}) => ({
  ComparisonOperator: 'GreaterThanOrEqualToThreshold' as const,
  Threshold: 10,
  EvaluationPeriods: 3,
  TreatMissingData: 'notBreaching',
  ...changes,
});

test.each([
  ['all of three', {}, [10, 11, 12], 'ALARM'],
  ['two of three are not all', {}, [10, 11, 9], 'OK'],
  ['two of three are enough', { DatapointsToAlarm: 2 }, [10, undefined, 12], 'ALARM'],
  ['older periods do not count', { DatapointsToAlarm: 1 }, [1, 1, 1, 99], 'OK'],
  ['missing that does not breach', {}, [10, undefined, undefined], 'OK'],
  ['missing that breaches', { TreatMissingData: 'breaching' }, [10, undefined, undefined], 'ALARM'],
  ['nothing at all, which does not breach', {}, [], 'OK'],
  ['nothing at all', { TreatMissingData: 'missing' }, [], 'INSUFFICIENT_DATA'],
  ['nothing at all, which is ignored', { TreatMissingData: 'ignore' }, [], 'OK'],
  ['less than', { ComparisonOperator: 'LessThanThreshold', EvaluationPeriods: 1 }, [9], 'ALARM'],
  ['greater than', { ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1 }, [10], 'OK'],
  ['at most', { ComparisonOperator: 'LessThanOrEqualToThreshold', EvaluationPeriods: 1 }, [10], 'ALARM'],
  [
    'a band',
    { ComparisonOperator: 'GreaterThanUpperThreshold', EvaluationPeriods: 1 },
    [99],
    'INSUFFICIENT_DATA',
  ],
] as const)('%s', (_what, changes, points, state) => {
  expect(stateOf(alarm(changes), points)).toBe(state);
});

test.each([
  ['a period that only began hides nothing of the one before', [undefined, 12, 0], 'ALARM'],
  ['what the newest holds counts already', [12, 0, 0], 'ALARM'],
  ['what was over before the last whole period is over', [0, 0, 12], 'OK'],
] as const)('%s', (_what, points, state) => {
  expect(stateNow(alarm({ EvaluationPeriods: 1 }), points)).toBe(state);
});
