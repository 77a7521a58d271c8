namespace NextItem;

/// <summary>Where <see cref="BprMfModel"/> draws the item that a session did not have.</summary>
public enum BprNegatives
{
    /// <summary>The item of any training event: popular items come as often as they are seen.</summary>
    Events,

    /// <summary>Any item of the catalog, each as likely.</summary>
    Items,
}
