/**
 * The database role of each room. A role may do what the room's statements need and nothing else (libs/walls); a room takes its own on
 * when it connects, whatever its login could do besides.
 */
export const ROLES = [
  'trunkline_ingest', 'trunkline_relay', 'trunkline_router', 'trunkline_connector', 'trunkline_scheduler', 'trunkline_projector', 'trunkline_console',
  'trunkline_keeper', 'trunkline_notifier', 'trunkline_operator',
] as const;

export type RoleName = (typeof ROLES)[number];

/** A member of all of them: for one login that serves every room. Has nothing of its own once `trunkline migrate` is through. */
export const APP_ROLE = 'trunkline_app';
