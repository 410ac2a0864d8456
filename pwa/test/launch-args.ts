/** What a browser needs where the tests run as root in a container. */
export const LAUNCH_ARGS: string[] = ["--no-sandbox", "--no-zygote"];
