/** Why a run is to be held, while its worker has not heeded it yet; `held_until` stands there already. */
export const requestsWithReason = `
ALTER TABLE runs ADD COLUMN request_reason TEXT;
`;
