export { partners, partnerNamed } from './registry.ts';
