namespace NextItem;

/// <summary>Makes one trained model of several.</summary>
public static class ModelFusion
{
    /// <summary>Fuses models, see <see cref="FusionModel"/>.</summary>
    /// <param name="models">Two or more models of the same items.</param>
    /// <param name="options">How they are weighed; null for the defaults.</param>
    /// <returns>The fusion; it comes from the data of the first model and was trained until the latest time of any.</returns>
    /// <exception cref="OptionsException">An option is out of range, or there are not as many weights as models.</exception>
    /// <exception cref="ArgumentException">There are fewer than two models, their items differ, or one of them is a fusion.</exception>
    public static TrainedModel Of(IReadOnlyList<TrainedModel> models, FusionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        var fusion = FusionModel.Of([.. models.Select(model => model.Model)], options);
        var first = models[0].Provenance;
        return new TrainedModel(fusion, new TrainingProvenance
        {
            NextItemVersion = first.NextItemVersion,
            DataFingerprint = first.DataFingerprint,
            Sessions = first.Sessions,
            Events = first.Events,
            TrainedUntil = models.Max(model => model.Provenance.TrainedUntil),
        });
    }
}
