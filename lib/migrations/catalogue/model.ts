/** An object of the database, or one aspect of it, as PostgreSQL itself would write it down. */
export interface CatalogueObject {
  /** What it is, such as `column`, `policy`, `grant`. */
  readonly kind: string;
  /** Its name with its schema, such as `public.patients.email`; unique within its kind. */
  readonly object: string;
  /** Everything that matters of it, in one canonical text. */
  readonly definition: string;
}

/** What a database consists of, sorted, without object numbers and without anything of its rows. */
export interface Catalogue {
  /** Version of this form: what is compared differs between two forms. */
  readonly form: 1;
  /** Sorted by kind and name. */
  readonly objects: readonly CatalogueObject[];
}
