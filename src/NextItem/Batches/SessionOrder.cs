namespace NextItem;

/// <summary>In which order a pass takes the sessions.</summary>
public enum SessionOrder
{
    /// <summary>By the time of their first event, so that the last updates come from the most recent data. Official: time_sort=True.</summary>
    ByTime,

    /// <summary>Another random order in each epoch, a function of the seed and the epoch. Official: train_random_order=True.</summary>
    Random,

    /// <summary>As they stand in the file. Official: time_sort=False.</summary>
    File,
}
