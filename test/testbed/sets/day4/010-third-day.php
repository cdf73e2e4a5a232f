<?php
// A day: the newest page is deleted (the greatest revision id goes down), another is suppressed, a redirect changes.
return static function ( Scribe $scribe ) {
	$admin = $scribe->person( 'Admin' );
	$scribe->edit( 'Moves', '#REDIRECT [[Stays]]', $admin );
	$scribe->edit( 'Short-lived', 'secret of a moment', $admin );
	$scribe->delete( 'Short-lived', $admin, 'a mistake' );
	$scribe->delete( 'Half hidden', $admin, 'secret suppress reason', true );
};
