package clicklake.jobs;

import clicklake.io.testing.LakesIn;

/** The same with the lake in an object store. */
@LakesIn("s3")
class VerifyJobInStoreTest extends VerifyJobTest {}
