/** How often something was met, told by where in the run it was: going back uncounts, coming again counts the same. */
export class HitCount {
  private readonly places: number[] = [];

  /** @param place lines that had run when it was met @returns how often it was met up to there, this time included */
  meet(place: number): number {
    const { places } = this;
    while (places.length > 0 && places[places.length - 1] >= place) places.pop();
    return places.push(place);
  }
}
