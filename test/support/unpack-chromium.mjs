// Unpacks the Chromium of the package into the folder for temporary files, with the libraries that a bare machine lacks:
// the package does so where it believes itself in AWS Lambda. Nothing is downloaded.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import chromium from '@sparticuz/chromium';

await chromium.executablePath();
// The fonts of the package beside those of the machine; the package's own list names folders of Lambda.
fs.writeFileSync(
  path.join(os.tmpdir(), 'fonts', 'fonts.conf'),
  `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`,
);
