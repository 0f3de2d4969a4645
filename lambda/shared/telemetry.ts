import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';

/** Structured logs, named after the function by POWERTOOLS_SERVICE_NAME. Never give it an event or a person's attribute. */
export const logger = new Logger();

/** Metrics in CloudWatch's embedded format, in the namespace POWERTOOLS_METRICS_NAMESPACE. */
export const metrics = new Metrics();

/** X-Ray segments; `tracer.captureAWSv3Client` adds the calls of an SDK client. */
export const tracer = new Tracer();

/** A handler as Lambda calls it. */
export type LambdaHandler<Event, Result> = (event: Event, context: Context) => Promise<Result>;

/**
 * Wraps a handler: its own trace segment, the request's id in every log line, and its metrics written at the end,
 * whether it fails or not. Events and results are never logged or put in the trace, since they hold personal data.
 */
export function traced<Event, Result>(
  handle: (event: Event, context: Context) => Promise<Result>,
): LambdaHandler<Event, Result> {
  return async (event, context) => {
    logger.addContext(context);
    const segment = tracer.isTracingEnabled() ? tracer.getSegment() : undefined;
    const subsegment = segment?.addNewSubsegment('## handler');
    if (subsegment) tracer.setSegment(subsegment);
    try {
      return await handle(event, context);
    } catch (error) {
      subsegment?.addErrorFlag();
      throw error;
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
      subsegment?.close();
      if (segment) tracer.setSegment(segment);
    }
  };
}
