package clicklake.io.append;

import clicklake.io.testing.LakesIn;

/** The same with the tables in an object store. */
@LakesIn("s3")
class DeltaIOInStoreTest extends DeltaIOTest {}
