import * as z from 'zod';

/**
 * A "Chime Meeting State Change" as EventBridge delivers it: at least once, in no order. Only what is recorded is
 * read. Source: Amazon Chime SDK developer guide, "Understanding Amazon Chime SDK events".
 */
export const meetingEvent = z.object({
  id: z.string().min(1),
  source: z.literal('aws.chime'),
  'detail-type': z.literal('Chime Meeting State Change'),
  detail: z.object({
    eventType: z.string().regex(/^chime:\w+$/, 'a Chime event type'),
    timestamp: z.int().positive(),
    meetingId: z.string().min(1),
    externalMeetingId: z.string().min(1),
    attendeeId: z.string().min(1).optional(),
    externalUserId: z.string().min(1).optional(),
  }),
});
