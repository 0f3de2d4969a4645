export { differences } from './differences';
export type { Catalogue, CatalogueObject } from './model';
export { catalogueHash, takeSnapshot } from './snapshot';
export { classifiedColumns, type Classification, type ClassifiedColumn } from './phi';
