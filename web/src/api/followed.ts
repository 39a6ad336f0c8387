/** Which tenants are followed by a stream of how they are doing, so that nobody asks for what the stream tells. */
const followed = new Map<string, number>();

/** How often is asked while no stream tells. */
const AGAIN = 10_000;
/** The stream tells how a tenant is doing, and nothing of its name, its state, its connections' names or one's rights. */
export const NOW_AND_THEN = 20_000;
/** Hours pass while nothing comes, and the last one of a chart is another then. */
const SLOWLY = 60_000;

export const isFollowed = (tenant: string): boolean => (followed.get(tenant) ?? 0) > 0;

export function setFollowed(tenant: string, yes: boolean): void {
  followed.set(tenant, (followed.get(tenant) ?? 0) + (yes ? 1 : -1));
}

/** For queries whose answer the stream brings. */
export const unlessFollowed = (tenant: string) => () => (isFollowed(tenant) ? false : AGAIN);

/** For queries of whose answer the stream brings a part. */
export const lessIfFollowed = (tenant: string) => () => (isFollowed(tenant) ? NOW_AND_THEN : AGAIN);

/** For queries that the stream says to ask again. */
export const slowerIfFollowed = (tenant: string) => () => (isFollowed(tenant) ? SLOWLY : AGAIN);
