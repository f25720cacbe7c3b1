export { compileFilter, type Condition, type Filter, type FilterDocument } from './compile-filter.ts';
export { compileMapping, type Mapping, type MappingDocument } from './compile-mapping.ts';
export { buildRouteTable, type Route, type RouteTable, type Target } from './build-route-table.ts';
export { matchRoutes, routingKey, type Match } from './match-routes.ts';
export { HOP_LIMIT, planCommands, type Plan, type Skipped } from './plan-commands.ts';
export { explainEvent, type Explanation, type RouteExplanation } from './explain-event.ts';
export { assertNoCycles } from './assert-no-cycles.ts';
