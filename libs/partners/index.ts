export { actingPartners, partners, partnerNamed } from './registry.ts';
