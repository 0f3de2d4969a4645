import * as z from 'zod';

/** What the API says when everybody in a visit has consented to its recording. */
export const recordingConsented = z.object({
  id: z.string().min(1),
  time: z.iso.datetime(),
  source: z.literal('telehealth.api'),
  'detail-type': z.literal('Recording Consented'),
  detail: z.strictObject({
    /** The visit, by id. */
    visitId: z.string().regex(/^[\w-]{2,64}$/, 'a visit id'),
    /** Its meeting. */
    meetingArn: z
      .string()
      .regex(/^arn:aws:chime:[a-z0-9-]*:\d{12}:meeting[:/][\w-]+$/, 'the ARN of a meeting'),
    /** The record of the consent, by id. */
    consentId: z.string().regex(/^[\w-]{2,64}$/, 'a consent id'),
  }),
});
