export { claimRules } from '../operations/claim-rules.ts';
