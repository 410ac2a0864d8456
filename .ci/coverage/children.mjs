// Loaded by every test file of a coverage run: processes and threads that a test starts write what they ran into this folder.
// The test runner's own process is counted by vitest; set this late, the variable has no effect on it.
const folder = process.env["BATCHWATCH_TEST_COVERAGE"];
if (folder !== undefined) process.env["NODE_V8_COVERAGE"] = folder;
