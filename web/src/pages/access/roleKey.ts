/** Whether an app's role may be called that. */
export const isRoleKey = (key: string): boolean => /^[a-z0-9_.:-]{1,64}$/.test(key);
