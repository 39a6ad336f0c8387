/** What a limit allows, in plain English. */
import type { LimitTexts } from "./cause";

export const enLimits: LimitTexts = {
  bounds: {
    bulk_operations: (limit) => `A bulk request has at most ${limit} operations.`,
    request_members: (limit) => `A request names at most ${limit} members.`,
    group_members: (limit) => `A group has at most ${limit} members, with those that it waits for.`,
    patch_operations: (limit) => `A PATCH has at most ${limit} operations.`,
    list_changes: (limit) => `A PATCH changes lists at most ${limit} times.`,
    list_comparisons: (limit) => `A PATCH compares at most ${limit} values of lists.`,
    list_values: (limit) => `A PATCH changes at most ${limit} values of lists.`,
    member_comparisons: (limit) => `A PATCH chooses members by at most ${limit} comparisons.`,
    member_passes: (limit) => `A PATCH goes through all members of a group at most ${limit} times.`,
  },
  paces: {
    failures: (limit) => `From one address at most ${limit} requests a minute may come with a token that is not good.`,
    ceiling: (limit) => `The tenant's ceiling in requests a second is ${limit}.`,
    under_way: (limit) => `The tenant had ${limit} requests under way already, which is the most at one time.`,
    turn: (limit) =>
      `The tenant has so many requests in line that this one waited ${limit} seconds for its turn in vain.`,
  },
};
