/** The browser may throw away what is kept on the device unless it is asked not to. */
export async function askToPersist(): Promise<void> {
  const storage = (navigator as Partial<Navigator>).storage as Partial<StorageManager> | undefined;
  await storage?.persist?.().catch(() => false);
}
