package clicklake.schemas.batch;

/** Coder of {@link DataFile}: a file of a table, wherever it is on its way to. */
public final class DataFileCoder extends BatchCoder<DataFile> {
  private static final long serialVersionUID = 1L;
  private static final DataFileCoder INSTANCE = new DataFileCoder();

  private DataFileCoder() {}

  public static DataFileCoder of() {
    return INSTANCE;
  }

  @Override
  int sizeHint(DataFile file) {
    return 1024;
  }

  @Override
  Slice write(DataFile file, Bytes out) {
    putText(out, file.path());
    out.putVarint(file.sizeBytes());
    out.putSignedVarint(file.rows());
    putText(out, file.date());
    putText(out, file.stats());
    return Slice.EMPTY;
  }

  @Override
  DataFile read(Bytes.Reader in) {
    String path = readText(in);
    long size = in.readVarint();
    long rows = in.readSignedVarint();
    String date = readNullableText(in);
    return new DataFile(path, size, rows, date, readText(in));
  }
}
