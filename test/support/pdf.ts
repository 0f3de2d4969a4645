import * as fs from 'node:fs';
import PDFParser from 'pdf2json';

/** The text of each page of a PDF, its words with single spaces between them. */
export function pagesOf(file: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const parser = new PDFParser();
    parser.on('pdfParser_dataError', (error) => reject('parserError' in error ? error.parserError : error));
    parser.on('pdfParser_dataReady', ({ Pages }) =>
      resolve(
        Pages.map(({ Texts }) =>
          Texts.flatMap(({ R }) => R.map(({ T }) => decodeURIComponent(T)))
            .join(' ')
            .replace(/\s+/g, ' '),
        ),
      ),
    );
    // Below every level that it prints at.
    parser.parseBuffer(fs.readFileSync(file), -1);
  });
}
