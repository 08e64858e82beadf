package clicklake.schemas.batch;

/** Coder of {@link DataFile.Content}: a file of a table, wherever it is on its way to. */
public final class DataFileContentCoder extends BatchCoder<DataFile.Content> {
  private static final long serialVersionUID = 1L;
  private static final DataFileContentCoder INSTANCE = new DataFileContentCoder();

  private DataFileContentCoder() {}

  public static DataFileContentCoder of() {
    return INSTANCE;
  }

  @Override
  int sizeHint(DataFile.Content file) {
    return 1024;
  }

  @Override
  Slice write(DataFile.Content file, Bytes out) {
    putText(out, file.path());
    out.putVarint(file.sizeBytes());
    out.putSignedVarint(file.rows());
    putText(out, file.date());
    putText(out, file.stats());
    return Slice.EMPTY;
  }

  @Override
  DataFile.Content read(Bytes.Reader in) {
    String path = readText(in);
    long size = in.readVarint();
    long rows = in.readSignedVarint();
    String date = readNullableText(in);
    return new DataFile.Content(path, size, rows, date, readText(in));
  }
}
