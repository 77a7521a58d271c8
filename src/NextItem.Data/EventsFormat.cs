namespace NextItem.Data;

/// <summary>How an event file says which of its columns is which.</summary>
public enum EventsFormat
{
    /// <summary>A header row names the columns; text of any separator, or Parquet.</summary>
    Events,

    /// <summary>pyGRU4REC's files: tab-separated text without a header, three fields a row: session, item, time.</summary>
    PyGru4Rec,
}
