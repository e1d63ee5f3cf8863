export { createViewCatalog, type ViewCatalogOptions } from './catalog.js';
