import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Report, REPORT_FILE, reportSchema } from '../report/model';

/** A folder holds no report, or one that cannot be read. */
export class EvidenceFolderError extends Error {}

/**
 * Reads the report of an evidence folder.
 * @throws EvidenceFolderError when there is none, or it is not of this form
 */
export function readEvidence(folder: string): Report {
  const file = path.join(folder, REPORT_FILE);
  if (!fs.existsSync(file))
    throw new EvidenceFolderError(
      `${folder} holds no ${REPORT_FILE}, expected a folder that npm run evidence or a synth wrote.`,
    );
  let written: unknown;
  try {
    written = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new EvidenceFolderError(
      `${file} is no JSON: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  const read = reportSchema.safeParse(written);
  if (!read.success)
    throw new EvidenceFolderError(
      `${file} is no report of this form: ${read.error.issues
        .slice(0, 3)
        .map(({ path: place, message }) => `${place.join('.') || 'the file'}: ${message}`)
        .join('; ')}.`,
    );
  return read.data;
}
