/** The worker's registration; null where there is none, for example in development. */
export async function workerRegistration(): Promise<ServiceWorkerRegistration | null> {
  const container = (navigator as Partial<Navigator>).serviceWorker;
  return (await container?.getRegistration()) ?? null;
}

export async function currentSubscription(): Promise<PushSubscription | null> {
  const registration = await workerRegistration();
  const manager = (registration as Partial<ServiceWorkerRegistration> | null)?.pushManager;
  return (await manager?.getSubscription()) ?? null;
}
